"""`python -m tools.docs` writes the drawn pages; `--check` only tells which are stale."""

import importlib
import pkgutil
import sys

import gateway
import services
from tools.docs.pages import PAGES
from tools.docs.sources import ROOT


def import_everything() -> None:
    """Problems count once their module is imported."""
    for package in (services, gateway):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)


def stale() -> list[str]:
    """The pages that do not say what the code says."""
    import_everything()
    return [
        path
        for path, draw in PAGES.items()
        if not (ROOT / path).exists() or (ROOT / path).read_text() != draw()
    ]


def main(*, check: bool) -> int:
    """Write the pages, or say which are stale."""
    for path in stale():
        print(f"stale: {path}" if check else f"drawn: {path}")
        if check:
            continue
        (ROOT / path).write_text(PAGES[path]())
    return 1 if check and stale() else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
