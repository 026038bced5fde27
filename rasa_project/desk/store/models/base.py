"""What every table is made of. Times are seconds since 1970 in UTC."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import orm

Base: Any = orm.declarative_base()
# A mapped attribute is a column on the class and a value on an object; SQLAlchemy 1.4 has no type
# that says both without a plugin for the type checker.
Column: Any = sqlalchemy.Column
relationship: Any = orm.relationship

ID_CHARACTERS = 255  # of a conversation, as in Rasa's own table
SOURCE_CHARACTERS = 320  # a conversation's id with a row number and a time
