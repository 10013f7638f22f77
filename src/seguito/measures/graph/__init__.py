"""The graph of members who write to each other, the creator taken out: pairs, chance, groups and what they share."""
