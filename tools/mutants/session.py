"""One module's mutations: made, sampled, run and counted by Cosmic Ray."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.commands.execute import execute
from cosmic_ray.commands.init import init
from cosmic_ray.config import ConfigDict
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

from tools.mutants.rooms import FIRMWARE, TESTS

_TIMEOUT_S = 300.0
# Annotations are not run, and a comment cannot be wrong.
_LEFT_OUT = ("core/ReplaceBinaryOperator_BitOr_",)


def _settings(module: str) -> ConfigDict:
    # What a failure says is not kept: a mutation may make it a gigabyte long.
    options = "-x -q -n 0 -p no:cacheprovider --tb=no --no-summary --show-capture=no"
    command = f"{sys.executable} -m pytest {options} {TESTS[module]}"
    settings = ConfigDict()
    settings.update(
        {
            "module-path": [str(FIRMWARE / module)],
            "timeout": _TIMEOUT_S,
            "excluded-modules": [],
            "test-command": command,
            "distributor": {"name": "local"},
        }
    )
    return settings


def _leave_out(database: WorkDB, most: int, seed: int) -> None:
    """Marks as skipped what is no mutation of code that runs, and all but `most` others."""
    jobs = sorted(database.work_items, key=lambda item: item.job_id)
    wanted = [
        item
        for item in sorted(jobs, key=lambda item: str(item.mutations))
        if not item.mutations[0].operator_name.startswith(_LEFT_OUT)
    ]
    if most and len(wanted) > most:
        wanted = random.Random(seed).sample(wanted, most)
    kept = {item.job_id for item in wanted}
    for item in jobs:
        if item.job_id not in kept:
            skipped = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)
            database.set_result(item.job_id, skipped)


def _survivors(database: WorkDB) -> Iterator[str]:
    for item, result in database.completed_work_items:
        if result.test_outcome is TestOutcome.SURVIVED:
            mutation = item.mutations[0]
            place = f"{mutation.module_path}:{mutation.start_pos[0]}"
            yield f"{place} {mutation.operator_name.removeprefix('core/')}"


def mutate(module: str, most: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Mutates the copy that is the current folder.

    Returns (how many were killed, survived, ...; where the survivors are).
    """
    settings = _settings(module)
    session = Path(f"{module.replace('/', '.')}.sqlite")
    with use_db(str(session), WorkDB.Mode.create) as database:
        init([Path(settings["module-path"][0])], database, {})
        _leave_out(database, most, seed)
        execute(database, settings)
        outcomes = Counter(
            result.test_outcome.value
            for _, result in database.completed_work_items
            if result.test_outcome is not None
        )
        return outcomes, list(_survivors(database))
