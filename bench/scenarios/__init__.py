"""What is measured: one module a question, each with `run(stage, rounds)` and its section."""
