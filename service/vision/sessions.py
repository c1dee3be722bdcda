"""onnxruntime sessions as the reader wants them."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def open_session(model: Path, *, threads: int = 1) -> onnxruntime.InferenceSession:
    """A CPU session with one thread by default: two processes of one thread beat one of two, which spin-waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
