"""The course's one package: the network, its pictures, the explorers, the homework.

What the whole course uses is imported in one line, ``from utils.nn import FeedForwardNetwork``;
everything else from the module that holds it, so that whoever reads a lesson knows where to look.
"""

from utils.surroundings import demand_checks, demand_the_libraries, give_matplotlib_a_folder, print_on_every_console

demand_checks()
demand_the_libraries()
print_on_every_console()
give_matplotlib_a_folder()
