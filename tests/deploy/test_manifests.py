"""The manifests agree with each other and with the code; no cluster can be had to ask."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.settings import Settings as GatewaySettings
from kernel.settings import ServiceSettings
from tools.docs.sources import ROOT, SERVICES

K8S = ROOT / "deploy" / "k8s"
SERVED = {"/healthz", "/readyz"}

Manifest = Mapping[str, Any]


def documents() -> Iterator[Manifest]:
    for path in sorted(K8S.rglob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            if document:
                yield document


MANIFESTS = list(documents())


def of(*kinds: str) -> list[Manifest]:
    return [manifest for manifest in MANIFESTS if manifest["kind"] in kinds]


WORKLOADS = of("Deployment", "StatefulSet")
PODS = WORKLOADS + of("Job")


def labels(workload: Manifest) -> Mapping[str, str]:
    return workload["spec"]["template"]["metadata"]["labels"]


def matches(selector: Mapping[str, str], found: Mapping[str, str]) -> bool:
    return selector.items() <= found.items()


def containers(workload: Manifest) -> list[Manifest]:
    return workload["spec"]["template"]["spec"]["containers"]


def named(workload: Manifest) -> str:
    return workload["metadata"]["name"]


@pytest.mark.parametrize("folder", [p.parent for p in K8S.rglob("kustomization.yaml")], ids=str)
def test_a_kustomization_names_files_that_exist_and_leaves_none_out(folder: Path) -> None:
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text())
    for reference in listed.get("resources", []) + listed.get("components", []):
        assert (folder / reference).exists(), reference
    present = {p.name for p in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert present <= set(listed.get("resources", []))


@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_a_workload_selects_its_own_pods(workload: Manifest) -> None:
    assert matches(workload["spec"]["selector"]["matchLabels"], labels(workload))


@pytest.mark.parametrize("service", of("Service"), ids=named)
def test_a_service_finds_pods_and_their_named_ports(service: Manifest) -> None:
    found = [w for w in WORKLOADS if matches(service["spec"]["selector"], labels(w))]
    assert found
    for workload in found:
        ports = {port["name"] for c in containers(workload) for port in c["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


@pytest.mark.parametrize("workload", PODS, ids=named)
def test_no_pod_may_more_than_it_needs(workload: Manifest) -> None:
    pod = workload["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in containers(workload):
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("workload", of("Deployment"), ids=named)
def test_probes_ask_for_what_is_served_and_processes_exist(workload: Manifest) -> None:
    for container in containers(workload):
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert container[probe]["httpGet"]["path"] in SERVED
        assert container["args"][:3] == ["python", "-m", "kernel.serve"]
        assert container["args"][3] in {*SERVICES, "gateway"}


def test_every_setting_is_one_that_a_process_reads() -> None:
    known = {
        f"ANLIAN_{name.upper()}"
        for settings in (ServiceSettings, GatewaySettings)
        for name in settings.model_fields
    }
    told = {name for settings in of("ConfigMap") for name in settings["data"] if "ANLIAN" in name}
    told |= {e["name"] for w in of("Deployment") for c in containers(w) for e in c["env"]}
    assert told - known == set()


def test_the_broker_syncs_every_write() -> None:
    (settings,) = (m for m in of("ConfigMap") if m["metadata"]["name"] == "nats")
    assert "sync_interval: always" in settings["data"]["nats.conf"]


def test_every_edge_is_open_at_both_ends_and_leads_somewhere() -> None:
    policies = {named(policy): policy["spec"] for policy in of("NetworkPolicy")}
    inward = {name.removesuffix("-in") for name in policies if name.endswith("-in")}
    outward = {name.removesuffix("-out") for name in policies if name.endswith("-out")}
    assert inward == outward
    present = [labels(workload) for workload in PODS] + [{"cnpg.io/cluster": "postgres"}]
    for name in inward:
        for end in (f"{name}-in", f"{name}-out"):
            selector = policies[end]["podSelector"]["matchLabels"]
            assert any(matches(selector, found) for found in present), end


def test_no_service_may_speak_to_another_service() -> None:
    for name in SERVICES:
        for other in SERVICES:
            assert f"{name}-{other}" not in {
                named(p).removesuffix("-in") for p in of("NetworkPolicy")
            }


def test_budgets_and_autoscalers_point_at_workloads() -> None:
    names = {named(workload) for workload in WORKLOADS}
    for scaler in of("HorizontalPodAutoscaler"):
        assert scaler["spec"]["scaleTargetRef"]["name"] in names
    for budget in of("PodDisruptionBudget"):
        selector = budget["spec"]["selector"]["matchLabels"]
        assert any(matches(selector, labels(workload)) for workload in WORKLOADS)
