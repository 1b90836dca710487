"""Engines that run the two models. Each one is described by a frozen spec in `registry`; callers branch on capabilities."""
