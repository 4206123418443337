"""Crashes, power cuts, full disks and damage: a few rounds here, all by `-m tests.durability`."""
