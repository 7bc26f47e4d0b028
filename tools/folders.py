"""The folders that every program here knows."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"  # what setup fetched; git ignores it
REQUIREMENTS = ROOT / "tools" / "requirements"  # what it fetches, pinned by hash
