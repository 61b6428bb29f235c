"""Adapters that measure the ones behind them."""
