"""Brings the firmware and its settings onto boards, and says in one line what went wrong."""
