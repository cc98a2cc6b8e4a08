"""Ratios in one run: the product and its floor in turn, so that a noisy machine hits both."""

import gc
import statistics
import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def compare(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    allowed: float,
    rounds: int = 60,
    warm_up: int = 5,
) -> dict[str, float | str]:
    """Medians of interleaved rounds, in milliseconds, and their ratio beside the allowed one."""
    for _ in range(warm_up):
        ours()
        floor()
    gc.collect()
    mine, bare = [], []
    for _ in range(rounds):
        bare.append(seconds(floor))
        mine.append(seconds(ours))
    ratio = statistics.median(m / b for m, b in zip(mine, bare, strict=True))
    return {
        "name": name,
        "ours_ms": statistics.median(mine) * 1000,
        "floor_ms": statistics.median(bare) * 1000,
        "ratio": ratio,
        "allowed": allowed,
    }


def show(rows: list[dict[str, float | str]]) -> str:
    lines = [f"{'':34} {'ours ms':>9} {'floor ms':>9} {'ratio':>7} {'allowed':>8}"]
    lines += [
        f"{row['name']:34} {row['ours_ms']:9.2f} {row['floor_ms']:9.2f} "
        f"{row['ratio']:7.2f} {row['allowed']:8.1f}"
        for row in rows
    ]
    return "\n".join(lines)
