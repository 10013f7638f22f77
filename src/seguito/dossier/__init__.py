"""The vetting report's content: questions, the rule that decided each, what would settle an open one.

In: estimates. Out: a dossier. Only the reports and the doors import it. Start with `contract.py`.
"""
