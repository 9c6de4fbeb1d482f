"""One list, two pools, one set of rules: items, subjects, inspectors, conflicts, rule sets, plans, visits."""
