"""The published Python client against our server, as its users call it.

Needs SCOUTER_SERVER_URI and SCOUTER_GRPC_URI of a server with empty data and the well-known users. Ends with a line
"N passed, N failed"; exit code 1 when something failed.
"""

import datetime as dt
import json
import pathlib
import sys
import tempfile
import time
import traceback

import numpy as np
import scouter.tracing as tracing
from scouter import (
    AssertionTask,
    ComparisonOperator,
    CustomDriftProfile,
    CustomMetric,
    CustomMetricDriftConfig,
    Drifter,
    EvalRecord,
    Features,
    GenAIEvalConfig,
    GenAIEvalProfile,
    GrpcConfig,
    HttpConfig,
    Metric,
    Metrics,
    PsiDriftConfig,
    QuantileBinning,
    ScouterClient,
    ScouterQueue,
    SpcDriftConfig,
)
from scouter._scouter import (
    AlertThreshold,
    DriftAlertPaginationRequest,
    DriftRequest,
    DriftType,
    GetProfileRequest,
    ProfileStatusRequest,
    TimeInterval,
    TraceFilters,
    TraceMetricsRequest,
    flush_tracer,
    shutdown_tracer,
)

SPACE = "python"
FEATURES = 4
TRANSPORTS = {"http": HttpConfig, "grpc": GrpcConfig}
client = ScouterClient()
checks = []


def check(function):
    checks.append(function)
    return function


def eventually(read, holds, seconds=30):
    """What `read` gives as soon as it holds; the last it gave when time is over."""
    end = time.monotonic() + seconds
    while True:
        value = read()
        if holds(value) or time.monotonic() > end:
            return value
        time.sleep(0.2)


def same(given, expected, what):
    if given != expected:
        raise AssertionError(f"{what}: {given!r}, expected {expected!r}")


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return sorted(map(rounded, value), key=json.dumps)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return value


def baseline():
    return np.random.default_rng(1).normal(size=(1000, FEATURES))


def features(value=0.1):
    return Features({f"feature_{index}": value for index in range(FEATURES)})


def spc_profile(name):
    return Drifter().create_drift_profile(baseline(), SpcDriftConfig(space=SPACE, name=name))


def psi_profile(name, **options):
    return Drifter().create_drift_profile(
        baseline(), PsiDriftConfig(space=SPACE, name=name, **options)
    )


def custom_profile(name):
    metric = CustomMetric("mae", 1.0, AlertThreshold.Above, 0.5)
    return CustomDriftProfile(CustomMetricDriftConfig(space=SPACE, name=name), [metric])


def agent_profile(name):
    task = AssertionTask(
        id="names_paris",
        context_path="response",
        operator=ComparisonOperator.Contains,
        expected_value="Paris",
    )
    return GenAIEvalProfile(
        tasks=[task], config=GenAIEvalConfig(space=SPACE, name=name), alias="agent"
    )


def last_hour(profile):
    return DriftRequest(profile.config.uid, SPACE, TimeInterval.OneHour, 100)


@check
def registration_gives_the_uid_and_counts_versions():
    first, second = spc_profile("versions"), spc_profile("versions")
    same(client.register_profile(first, set_active=True), True, "registered")
    client.register_profile(second)
    same((first.config.version, second.config.version), ("0.1.0", "0.2.0"), "versions")
    other = psi_profile("versions")
    client.register_profile(other)
    same(other.config.version, "0.1.0", "first version of another kind")
    same(len({first.config.uid, second.config.uid, other.config.uid}), 3, "uids")


@check
def profiles_of_every_kind_come_back_as_they_went():
    kinds = [
        (DriftType.Spc, spc_profile("back")),
        (DriftType.Psi, psi_profile("back", binning_strategy=QuantileBinning(num_bins=5))),
        (DriftType.Custom, custom_profile("back")),
        (DriftType.GenAI, agent_profile("back")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for number, (kind, profile) in enumerate(kinds):
            client.register_profile(profile, set_active=True)
            path = pathlib.Path(folder) / f"{number}.json"
            version = profile.config.version
            client.download_profile(GetProfileRequest("back", SPACE, version, kind), path)
            (stored,) = json.loads(path.read_text()).values()
            # The client's own reader of JSON is off by one in the last place of some numbers.
            sent = json.loads(profile.model_dump_json())
            same(rounded(stored), rounded(sent), f"profile {kind}")


@check
def a_status_changes():
    profile = spc_profile("status")
    client.register_profile(profile)
    request = ProfileStatusRequest("status", SPACE, profile.config.version, DriftType.Spc, True)
    same(client.update_profile_status(request), True, "changed")


def observations_arrive(transport):
    spc, psi, custom = (
        make(f"observed-{transport}") for make in (spc_profile, psi_profile, custom_profile)
    )
    for profile in (spc, psi, custom):
        client.register_profile(profile, set_active=True)
    profiles = {"spc": spc, "psi": psi, "custom": custom}
    queue = ScouterQueue.from_profile(profiles, TRANSPORTS[transport](), wait_for_startup=True)
    for _ in range(50):
        queue["spc"].insert(features())
        queue["psi"].insert(features())
        queue["custom"].insert(Metrics([Metric("mae", 2.0)]))
    queue.shutdown()
    names = {f"feature_{index}" for index in range(FEATURES)}
    for profile, kind in ((spc, DriftType.Spc), (psi, DriftType.Psi)):
        read = lambda: client.get_binned_drift(last_hour(profile), kind).features
        found = eventually(read, lambda given: len(given) == FEATURES)
        same(set(found), names, f"features of {kind}")
    same(found["feature_0"].overall_psi > 0, True, "overall index of 50 equal values")
    values = client.get_binned_drift(last_hour(spc), DriftType.Spc).features["feature_0"].values
    same([round(value, 9) for value in values], [0.1], "mean of the samples")
    metrics = client.get_binned_drift(last_hour(custom), DriftType.Custom).metrics
    same(metrics["mae"].stats[0].avg, 2.0, "mean of the metric")


@check
def observations_arrive_over_http():
    observations_arrive("http")


@check
def observations_arrive_over_grpc():
    observations_arrive("grpc")


@check
def records_are_evaluated():
    for transport, config in TRANSPORTS.items():
        profile = agent_profile(f"evaluated-{transport}")
        client.register_profile(profile, set_active=True)
        queue = ScouterQueue.from_profile([profile], config(), wait_for_startup=True)
        for index in range(30):
            answer = "Paris" if index % 2 == 0 else "Rome"
            queue["agent"].insert(EvalRecord({"response": answer}, id=str(index), session_id="s"))
        queue.shutdown()
        read = lambda: client.get_genai_task_binned_drift(last_hour(profile)).metrics
        tasks = eventually(read, lambda given: "names_paris" in given)
        same(tasks["names_paris"].stats[0].avg, 0.5, f"pass rate over {transport}")
        workflow = client.get_binned_drift(last_hour(profile), DriftType.GenAI).metrics
        same(list(workflow), ["workflow"], "workflow metric")


@check
def alerts_are_listed():
    profile = spc_profile("alerts")
    client.register_profile(profile, set_active=True)
    page = client.get_alerts(DriftAlertPaginationRequest(profile.config.uid, active=True, limit=5))
    same((page.items, page.has_next), ([], False), "alerts of a new profile")


def traces_are_found(transport):
    profile = agent_profile(f"traced-{transport}")
    client.register_profile(profile, set_active=True)
    queue = ScouterQueue.from_profile([profile], GrpcConfig(), wait_for_startup=True)
    service = f"python-{transport}"
    tracer = tracing.init_tracer(
        service_name=service, transport_config=TRANSPORTS[transport](), scouter_queue=queue
    )
    with tracer.start_as_current_span("root", tags=[{"team": "blue"}]) as root:
        root.set_input({"question": "Where?"})
        trace_id = root.trace_id
        with tracer.start_as_current_span("child", baggage=[{"customer": "7"}]) as child:
            child.set_attribute("attempt", 3)
            child.set_output({"answer": "Paris"})
            record = EvalRecord({"response": "Paris"})
            child.add_queue_item("agent", record)
    flush_tracer()
    queue.shutdown()
    shutdown_tracer()

    read = lambda: client.get_trace_spans(trace_id).spans
    spans = eventually(read, lambda given: len(given) == 2)
    same([(span.span_name, span.depth) for span in spans], [("root", 0), ("child", 1)], "spans")
    now = dt.datetime.now(dt.timezone.utc)
    hour = dt.timedelta(hours=1)
    filters = {
        "service": TraceFilters(service_name=service, start_time=now - hour, end_time=now + hour),
        "record": TraceFilters(queue_uid=record.uid),
        "profile": TraceFilters(entity_uid=profile.config.uid),
        "trace": TraceFilters(trace_ids=[trace_id]),
        "attribute": TraceFilters(service_name=service, attribute_filters=["attempt=3"]),
    }
    for name, given in filters.items():
        page = eventually(lambda: client.get_paginated_traces(given), lambda page: page.items)
        same([item.trace_id for item in page.items], [trace_id], f"traces by {name}")
    item = page.items[0]
    same((item.root_operation, item.span_count, item.has_errors), ("root", 2, False), "summary")
    same(len(client.get_trace_spans_from_filters(filters["record"]).spans), 2, "spans by record")
    tags = eventually(lambda: client.get_tags("trace", trace_id).tags, lambda given: given)
    same([(tag.key, tag.value) for tag in tags], [("team", "blue")], "tags")
    baggage = client.get_trace_baggage(trace_id).baggage
    same([(entry.key, entry.value) for entry in baggage][:1], [("scouter.tracing.tag.team", "blue")], "baggage")
    request = TraceMetricsRequest(now - hour, now + hour, "1 minutes")
    same(sum(bucket.trace_count for bucket in client.get_trace_metrics(request).metrics) > 0, True, "metrics")


@check
def traces_are_found_over_grpc():
    traces_are_found("grpc")


@check
def traces_are_found_over_http():
    traces_are_found("http")


failed = 0
for function in checks:
    name = function.__name__.replace("_", " ")
    try:
        function()
        print(f"ok      {name}", flush=True)
    except Exception:
        failed += 1
        print(f"FAILED  {name}\n{traceback.format_exc()}", flush=True)
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
