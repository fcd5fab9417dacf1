"""What the proxy tells Prometheus."""

import httpx
from prometheus_client import CollectorRegistry

from gateway.proxy.figures import Forwarded
from kernel.telemetry import metrics_endpoint


def sample(name: str, **labels: str) -> float:
    """The value of one line of the figures."""
    told = ",".join(f'{label}="{value}"' for label, value in labels.items())
    for line in metrics_endpoint()[0].decode().splitlines():
        if line.startswith(f"{name}{{{told}}} "):
            return float(line.rpartition(" ")[2])
    return 0.0


async def test_requests_are_counted_by_service_and_status(client: httpx.AsyncClient) -> None:
    name = "anlian_forwarded_requests_total"
    passed = {"method": "GET", "service": "tasks", "status": "200"}
    refused = {"method": "GET", "service": "unknown", "status": "404"}
    before = sample(name, **passed), sample(name, **refused)
    for path in ("/api/v1/tasks/plans", "/api/v1/tasks/units/1", "/api/v1/nowhere/x"):
        await client.get(path)
    assert (sample(name, **passed), sample(name, **refused)) == (before[0] + 2, before[1] + 1)


def test_seconds_fall_into_cumulated_buckets() -> None:
    forwarded, registry = Forwarded(), CollectorRegistry()
    registry.register(forwarded)
    for seconds in (0.001, 0.005, 0.02, 99):
        forwarded.add(("GET", "tasks", 200), seconds)

    def bucket(bound: str) -> float | None:
        labels = {"service": "tasks", "le": bound}
        return registry.get_sample_value("anlian_forwarded_seconds_bucket", labels)

    assert [bucket(bound) for bound in ("0.005", "0.01", "0.025", "10", "+Inf")] == [2, 2, 3, 3, 4]
    total = registry.get_sample_value("anlian_forwarded_seconds_sum", {"service": "tasks"})
    assert total == 0.001 + 0.005 + 0.02 + 99
