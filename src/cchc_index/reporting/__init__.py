"""Results for people: tables and sheets."""
