"""The course's one package: the network, its pictures and the explorers.

Import from the module that holds the thing (``from utils.nn.network import FeedForwardNetwork``),
so that whoever reads a lesson knows where to look.
"""
