"""Goods: consignments, lots and pieces from purchase to sale, cold chain and not."""
