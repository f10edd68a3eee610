"""Every path from a quantity to the loss, with its local derivatives (lesson 02).

The chain rule along several paths: multiply the local derivatives along each path, then add the paths.
Backpropagation computes the same sum without following the paths one by one. Here each path is followed.

Nodes are named as in the lectures, indices from 1: ``x_1``, ``W_2,1,3``, ``b_1,2``, ``a_1,2``, ``h_1,2``,
``ŷ_1``, and ``L`` for the loss, which is shown as 𝓛.
"""

from collections import deque
from dataclasses import dataclass
from math import prod

from utils.nn import checks


@dataclass(frozen=True)
class Edge:
    """A step of the computation: ``end`` is computed from ``start``, and ``derivative`` is ∂end/∂start."""

    start: str
    end: str
    derivative: float


@dataclass(frozen=True)
class Path:
    """Edges, each beginning where the last one ended."""

    edges: tuple

    @property
    def nodes(self):
        """Return the names of the nodes on the way, both ends included."""
        return (self.edges[0].start, *(edge.end for edge in self.edges))

    @property
    def product(self):
        """Return the product of the local derivatives: what this path contributes."""
        return prod(edge.derivative for edge in self.edges)

    def __str__(self):
        return " → ".join(map(displayed, self.nodes))


def displayed(node):
    """Return the name of a node as the learner reads it: the loss is 𝓛, since L counts the layers.

    Parameters
    ----------
    node : str
        "a_1,2" or "L".

    Returns
    -------
    str
    """
    return "𝓛" if node == "L" else node


class Graph:
    """A computation: which value is computed from which, and how sensitive it is to it.

    Parameters
    ----------
    edges : iterable of Edge
        In any order, without cycles.
    values : dict of str to float
        The value of every node.
    """

    def __init__(self, edges, values):
        self.values = values
        self.following = {}
        for edge in edges:
            self.following.setdefault(edge.start, []).append(edge)

    def paths(self, start, end):
        """Find every way from one node to another.

        Parameters
        ----------
        start, end : str
            Names of nodes.

        Returns
        -------
        list of Path
            The shortest first.

        Raises
        ------
        ValueError
            For a node that is not in the graph, and for a way from a node to itself.
        """
        for node in (start, end):
            if node not in self.values:
                raise ValueError(f"There is no node {node!r} in this graph; there are {', '.join(self.values)}.")
        if start == end:
            raise ValueError(f"A path needs two different nodes, but both are {start!r}.")
        found, open_paths = [], deque((edge,) for edge in self.following.get(start, []))
        while open_paths:
            edges = open_paths.popleft()
            if edges[-1].end == end:
                found.append(Path(edges))
            else:
                open_paths.extend((*edges, edge) for edge in self.following.get(edges[-1].end, []))
        return found

    def derivative(self, start, end):
        """Compute a derivative as the sum of the products along the paths.

        Parameters
        ----------
        start, end : str
            Names of nodes.

        Returns
        -------
        float
            ∂end/∂start.

        Raises
        ------
        ValueError
            As ``paths``.
        """
        return sum(path.product for path in self.paths(start, end))


def network_graph(net, x, y):
    """Make the graph of the loss of one example.

    Parameters
    ----------
    net : FeedForwardNetwork
        A single network, small enough that its paths can be counted.
    x, y : arrays, shapes (n_0, 1) and (n_L, 1)
        One example and its target.

    Returns
    -------
    Graph
        Its nodes are the inputs, parameters, a_ki, h_ki, ŷ_i and L.

    Raises
    ------
    ValueError
        For more than one example, or for shapes that do not fit the network.
    """
    x = checks.columns(x, net.layer_sizes[0], "x")
    y = checks.targets(y, net.layer_sizes[-1], x.shape[-1], net.loss)
    if x.shape[-1] != 1:
        raise ValueError(f"Paths are drawn for one example, but x has {x.shape[-1]} columns. Take one: x[:, :1].")
    trace = net.forward(x)
    values = {f"x_{j + 1}": float(x[j, 0]) for j in range(len(x))}
    edges = []

    def connect(start, end, derivative):
        edges.append(Edge(start, end, float(derivative)))

    for k in net.layers:
        below = [f"x_{j + 1}" if k == 1 else f"h_{k - 1},{j + 1}" for j in range(net.layer_sizes[k - 1])]
        for i in range(net.layer_sizes[k]):
            a = f"a_{k},{i + 1}"
            for j, unit in enumerate(below):
                weight = f"W_{k},{i + 1},{j + 1}"
                values[weight] = float(net.W[k][i, j])
                connect(weight, a, trace.h[k - 1][j, 0])  # ∂a_ki/∂W_kij = h_{k−1,j}
                connect(unit, a, net.W[k][i, j])  # ∂a_ki/∂h_{k−1,j} = W_kij
            bias = f"b_{k},{i + 1}"
            values[bias] = float(net.b[k][i, 0])
            connect(bias, a, 1)  # ∂a_ki/∂b_ki = 1
            values[a] = float(trace.a[k][i, 0])
            if k < net.L:
                values[f"h_{k},{i + 1}"] = float(trace.h[k][i, 0])
                connect(a, f"h_{k},{i + 1}", net.g[k].prime(trace.h[k])[i, 0])  # ∂h_ki/∂a_ki = g′(a_ki)
    jacobian, grad_y_hat = net.loss.jacobian(trace.y_hat), net.loss.grad_y_hat(trace.y_hat, y)
    for m in range(net.layer_sizes[-1]):
        values[f"ŷ_{m + 1}"] = float(trace.y_hat[m, 0])
        for i in range(net.layer_sizes[-1]):
            if net.loss.output == "softmax" or i == m:  # the softmax mixes all scores, the others do not
                connect(f"a_{net.L},{i + 1}", f"ŷ_{m + 1}", jacobian[m, i])
        connect(f"ŷ_{m + 1}", "L", grad_y_hat[m, 0])
    values["L"] = float(net.loss(trace, y))
    return Graph(edges, values)
