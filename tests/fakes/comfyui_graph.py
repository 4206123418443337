"""What ComfyUI does with a graph before and between the nodes: validation, order, caching."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Graph = dict[str, dict[str, Any]]
NUMBERS = {"INT": int, "FLOAT": float}


@dataclass
class Verdict:
    """What POST /prompt answers: an error (400), or the outputs to run and what was dropped."""

    error: dict[str, Any] | None = None
    node_errors: dict[str, Any] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)


def is_link(value: Any) -> bool:
    return isinstance(value, list)


def choices(spec: list[Any]) -> list[str] | None:
    """The options of a choice, in either of the shapes that ComfyUI writes."""
    if isinstance(spec[0], list):
        return spec[0]
    if spec[0] == "COMBO":
        options: list[str] = spec[1]["options"]
        return options
    return None


def _whole(kind: str, message: str, details: str = "") -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": {}}


def validate(graph: Any, nodes: Mapping[str, Any], uploads: set[str]) -> Verdict:
    """Raises (the server then answers 500) where ComfyUI itself trips over the input."""
    if not graph:
        return Verdict(_whole("prompt_no_outputs", "Prompt has no outputs"))
    outputs = []
    for number, node in graph.items():
        if "class_type" not in node:
            message = "Cannot execute because a node is missing the class_type property."
            return Verdict(_whole("invalid_prompt", message, f"Node ID '#{number}'"))
        if node["class_type"] not in nodes:
            message = f"Cannot execute because node {node['class_type']} does not exist."
            return Verdict(_whole("invalid_prompt", message, f"Node ID '#{number}'"))
        if nodes[node["class_type"]]["output_node"]:
            outputs.append(number)
    if not outputs:
        return Verdict(_whole("prompt_no_outputs", "Prompt has no outputs"))
    verdict = Verdict()
    for output in outputs:
        faulty = False
        for number in order(graph, [output]):
            errors = _node_errors(graph, number, nodes, uploads)
            if errors:
                faulty = True
                entry = verdict.node_errors.setdefault(
                    number,
                    {
                        "errors": errors,
                        "dependent_outputs": [],
                        "class_type": graph[number]["class_type"],
                    },
                )
                entry["dependent_outputs"].append(output)
        if not faulty:
            verdict.outputs.append(output)
    if not verdict.outputs:
        verdict.error = _whole(
            "prompt_outputs_failed_validation", "Prompt outputs failed validation"
        )
    return verdict


def _node_errors(
    graph: Graph, number: str, nodes: Mapping[str, Any], uploads: set[str]
) -> list[dict[str, Any]]:
    node = graph[number]
    known = nodes[node["class_type"]]["input"]
    errors = []
    for name, spec in {**known.get("required", {}), **known.get("optional", {})}.items():
        if name not in node["inputs"]:
            if name in known.get("required", {}):
                errors.append(
                    _error("required_input_missing", "Required input is missing", name, name)
                )
            continue
        error = _input_error(graph, name, spec, node["inputs"][name], nodes)
        if error is None and name == "image" and node["class_type"] == "LoadImage":
            wanted = node["inputs"][name]
            if wanted not in uploads:
                details = f"image - Invalid image file: {wanted}"
                message = "Custom validation failed for node"
                error = _error("custom_validation_failed", message, details, name)
        if error is not None:
            errors.append(error)
    return errors


def _input_error(
    graph: Graph, name: str, spec: list[Any], value: Any, nodes: Mapping[str, Any]
) -> dict[str, Any] | None:
    kind, limits = spec[0], spec[1] if len(spec) > 1 else {}
    if is_link(value):
        if len(value) != 2:
            message = "Bad linked input, must be a length-2 list of [node_id, slot_index]"
            return _error("bad_linked_input", message, name, name, spec, value)
        given = nodes[graph[value[0]]["class_type"]]["output"][value[1]]
        if given != kind:
            details = f"{name}, received_type({given}) mismatch input_type({kind})"
            message = "Return type mismatch between linked nodes"
            error = _error("return_type_mismatch", message, details, name, spec)
            error["extra_info"] |= {"received_type": given, "linked_node": value}
            return error
        return None
    if isinstance(kind, str) and kind in NUMBERS:
        try:
            value = NUMBERS[kind](value)
        except ValueError as cause:
            message = f"Failed to convert an input value to a {kind} value"
            details = f"{name}, {value}, {cause}"
            error = _error("invalid_input_type", message, details, name, spec, value)
            error["extra_info"]["exception_message"] = str(cause)
            return error
        if "min" in limits and value < limits["min"]:
            message = f"Value {value} smaller than min of {limits['min']}"
            return _error("value_smaller_than_min", message, name, name, spec, value)
        if "max" in limits and value > limits["max"]:
            message = f"Value {value} bigger than max of {limits['max']}"
            return _error("value_bigger_than_max", message, name, name, spec, value)
        return None
    options = choices(spec)
    if options is not None and "image_upload" not in limits and value not in options:
        # A list of more than 20 is left out of the answer.
        shown = f"in {options}" if len(options) <= 20 else f"in (list of length {len(options)})"
        details = f"{name}: '{value}' not {shown}"
        kept = spec if len(options) <= 20 else None
        return _error("value_not_in_list", "Value not in list", details, name, kept, value)
    return None


def _error(
    kind: str, message: str, details: str, name: str, spec: Any = None, received: Any = None
) -> dict[str, Any]:
    extra: dict[str, Any] = {"input_name": name}
    if spec is not None:
        extra["input_config"] = spec
    if received is not None:
        extra["received_value"] = received
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


def order(graph: Graph, outputs: list[str]) -> list[str]:
    """The nodes that the outputs need, each after those that it needs itself."""
    found: list[str] = []

    def visit(number: str) -> None:
        if number in found:
            return
        for value in graph[number]["inputs"].values():
            if is_link(value):
                visit(value[0])
        found.append(number)

    for output in outputs:
        visit(output)
    return found


def signature(graph: Graph, number: str) -> str:
    """The same for two nodes whose whole ancestry has the same inputs: ComfyUI's cache key."""
    node = graph[number]
    inputs = {
        name: [signature(graph, value[0]), value[1]] if is_link(value) else value
        for name, value in node["inputs"].items()
    }
    text = json.dumps([node["class_type"], inputs], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
