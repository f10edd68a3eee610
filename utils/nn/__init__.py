"""The mathematics: activations, losses, the network, training, gradient checks. Imports numpy alone."""
