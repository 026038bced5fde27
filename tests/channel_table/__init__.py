"""The table of channels and features in docs/channels.md, made from the tests that show them."""
