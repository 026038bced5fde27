"""What Attune is timed beside, each in a process of an environment of its own.

`benchmarks/peers/setup` makes the environment. `worker` and `encoders` run in it and import
nothing of Attune's; `process` is our end of the pipe.
"""
