"""Other help desks: tickets go there from a durable outbox, answers come back by signed webhook."""
