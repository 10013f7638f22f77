"""How well the detectors do where the truth was planted. Development uses seeds 0 to 99; others belong to releases."""
