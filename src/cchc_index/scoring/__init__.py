"""Scoring: the exact engine, its traces and cards, sentences, totals, grades and ranks."""
