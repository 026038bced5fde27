"""Files that customers send: noted with their turn, fetched beside it, kept, shown to agents.

- `shelf` knows each file by an id of our own before Rasa hears of the turn, so that what the desk
  is told holds before the file is here;
- `fetching` brings the files, tries again over outages, and gives up with a reason;
- `guard` lets it go only where a provider's contract says that files are;
- `routes` gives them to the desk.
"""
