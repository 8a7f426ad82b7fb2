"""What can be measured: one file each, with `run(options, place)`, which gives true when all targets are met."""
