"""Messaging channels over one layer: verified, kept, answered in order, sent for certain.

What the layer does for every provider:

- `channel` takes a webhook, holds its size, has it verified and read, keeps it, and only then
  answers; `inbox` knows each delivery by the provider's id for it, so a repeated one counts once.
- `answering` has Rasa answer, one turn of a conversation after the other; a server that is killed
  leaves its turns to the next one, which first looks in the tracker what Rasa knows already.
- `output` puts what Rasa says into the `outbox`, the answers to a turn and what is pushed through
  `tracker/events` alike; `sending` works it off in order for each customer, at the provider's pace,
  over outages. What cannot be sent ends as a dead letter with its reason (`letters`).
- `media` brings the files that customers send, beside their turns, and gives them to the desk.
- `composing`, `splitting` and `choices` fit texts, buttons and files to what the channel takes.

To add a provider, write one file in `providers` with three things (`telegram` is an example):

1. Settings: a subclass of `settings.ChannelSettings`, secrets as `pydantic.SecretStr`; `attune
   channel add` shows what its docstring says about each under `Attributes`.
2. A subclass of `provider.Provider` with `name`, `title`, `Settings` and `limits`:
   - `verify(request)` raises `Refused` unless the raw body is signed as documented; the functions
     in `rasa_project.webhooks.signatures` compare in constant time and know time windows;
   - `read(request)` returns a `turn.Reading`: customers' turns, receipts, what is ignored and why,
     and the answer the provider wants at once. `Turn.id` names a turn however often it is
     delivered; `Turn.customer` is where answers go; what else answering takes goes to
     `Turn.route`. A pressed button gives back `Button.token` in `Turn.pressed`, with its title as
     the text in case the button is older than the layer remembers;
   - `send(to, part)` makes one request and returns the provider's id of the message. It raises
     `NotSent` where the provider surely does not have it (`hopeless` where trying again is in vain,
     `retry_after` where the provider says so) and `MaybeSent` where nobody knows;
   - optional: `fetches` and `fetch` for files that customers send, `prepare` for keys that
     `verify` needs, `completed` for what a delivery leaves out,
     `greet` for a handshake by GET, `noticed` for typing and read marks, `listen` for services that
     are asked rather than ask, `outside_window`, `check`, `register`; `typing` with
     `typing_seconds` for agents who write.
3. A subclass of `channel.MessagingInput` with `Provider = ...`, which `credentials.yml` names.

The conversation's id in Rasa is `<name>:<customer>`. Nothing here is kept in memory alone, and
providers keep nothing but what they can get again, such as an access token.
"""
