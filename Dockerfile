# One image for every process; ARG SERVICE only sets which one starts by default.
FROM python:3.12-slim AS build
WORKDIR /srv
COPY requirements.lock ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock

FROM python:3.12-slim
ARG SERVICE=gateway
ENV SERVICE=${SERVICE} PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /srv
COPY --from=build /opt/venv /opt/venv
COPY kernel kernel
COPY contracts contracts
COPY reference reference
COPY services services
COPY gateway gateway
RUN useradd --uid 10001 --no-create-home anlian
USER 10001
EXPOSE 8000
CMD ["sh", "-c", "exec python -m kernel.serve \"$SERVICE\""]
