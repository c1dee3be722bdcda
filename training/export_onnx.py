"""The risk model's trees as an ONNX graph that decides every float32 row as LightGBM does."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

from service.scoring.format import ONNX_INPUT, ONNX_OUTPUT, Tree, Trees

# onnxruntime 1.31 runs later ones too; these are the oldest with what is needed, so older runtimes load the file.
_OPSET, _ML_OPSET, _IR_VERSION = 17, 3, 8


def float32_below(threshold: float) -> float:
    """The largest float32 not above ``threshold``: for float32 x, x ≤ it exactly if x ≤ threshold.

    Rounding to nearest could go up, and a row between the two would change sides.
    """
    with np.errstate(over="ignore"):
        nearest = np.float32(threshold)
    # Compared in double: NumPy would otherwise round the threshold to float32 before comparing.
    if float(nearest) > threshold:
        nearest = np.nextafter(nearest, np.float32(-np.inf))
    return float(nearest)


def risk_onnx(trees: Trees) -> bytes:
    """Serialised ONNX model: ``features`` float32 [n, F] to ``margin`` float32 [n, 1], log-odds before calibration."""
    features = helper.make_tensor_value_info(ONNX_INPUT, TensorProto.FLOAT, [None, trees.n_features])
    margin = helper.make_tensor_value_info(ONNX_OUTPUT, TensorProto.FLOAT, [None, 1])
    ensemble = helper.make_node(
        "TreeEnsembleRegressor",
        [ONNX_INPUT],
        [ONNX_OUTPUT],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        **_attributes(trees),
    )
    graph = helper.make_graph([ensemble], "risk", [features], [margin])
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", _ML_OPSET)]
    model: ModelProto = helper.make_model(graph, opset_imports=opsets, producer_name="prereview")
    model.ir_version = _IR_VERSION
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _attributes(trees: Trees) -> dict[str, Any]:
    """The operator's parallel lists over all trees. Node ids: first a tree's nodes, then its leaves."""
    names = ("nodeids", "treeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    out: dict[str, list[Any]] = {f"nodes_{name}": [] for name in (*names, "missing_value_tracks_true")}
    out |= {f"target_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(trees.trees):
        _append_nodes(out, number, tree)
        _append_leaves(out, number, tree)
    return out


def _append_nodes(out: dict[str, list[Any]], number: int, tree: Tree) -> None:
    nodes = len(tree.feature)
    out["nodes_treeids"] += [number] * nodes
    out["nodes_nodeids"] += range(nodes)
    out["nodes_featureids"] += tree.feature
    out["nodes_values"] += [float32_below(threshold) for threshold in tree.threshold]
    out["nodes_modes"] += ["BRANCH_LEQ"] * nodes
    out["nodes_truenodeids"] += [_node_id(child, nodes) for child in tree.left]
    out["nodes_falsenodeids"] += [_node_id(child, nodes) for child in tree.right]
    out["nodes_missing_value_tracks_true"] += [int(left) for left in tree.missing_left]


def _append_leaves(out: dict[str, list[Any]], number: int, tree: Tree) -> None:
    nodes, leaves = len(tree.feature), len(tree.leaf_value)
    ids = range(nodes, nodes + leaves)
    out["nodes_treeids"] += [number] * leaves
    out["nodes_nodeids"] += ids
    out["nodes_modes"] += ["LEAF"] * leaves
    for name in ("featureids", "truenodeids", "falsenodeids", "missing_value_tracks_true"):
        out[f"nodes_{name}"] += [0] * leaves
    out["nodes_values"] += [0.0] * leaves
    out["target_treeids"] += [number] * leaves
    out["target_nodeids"] += ids
    out["target_ids"] += [0] * leaves
    out["target_weights"] += tree.leaf_value


def _node_id(child: int, nodes: int) -> int:
    return child if child >= 0 else nodes - child - 1
