"""The desk's database: its tables, its transactions, its migrations."""
