"""Policies shipped as package data: samples of several kinds of platform, and the commented ``template``."""
