"""The report: a policy, its history and the cases as pages that need no network and no script."""
