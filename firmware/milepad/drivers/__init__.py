"""Chips. Each driver gets its bus passed in; none knows its board or its Python."""
