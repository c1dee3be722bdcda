"""Policies shipped as package data: ``demo``, ``cautious`` and the commented ``template``."""
