"""What supervisors see of the whole desk: figures over time, computed by SQL.

Nothing here counts emotions for an agent: how a customer feels says as little about the colleague
who answers as the weather does, and whoever is measured by it learns to avoid upset customers.
"""
