"""A small phone network that PyTorch made, for the tests that need one; they are skipped where PyTorch is missing."""

import pytest


@pytest.fixture
def network():
    """A network that looks both ways and back, whose normalizations are far from doing nothing."""
    torch = pytest.importorskip("torch", reason="the extra acoustic is not installed")
    networks = pytest.importorskip("acoustic.network", reason="the extra acoustic is not installed")
    torch.manual_seed(3)
    made = networks.PhoneNetwork(networks.Design(hidden=20, splice=2, offsets=((-3, 0, 3), (-6, -3, 0))))
    with torch.no_grad():
        made.output.weight.mul_(10)
        made.mean.normal_(0, 10)
        made.scale.uniform_(0.01, 0.2)
        for norm in made.norms:
            norm.running_mean.normal_(0.3, 0.2)
            norm.running_var.uniform_(0.01, 2)
    return made.eval()


@pytest.fixture
def outputs_of(network):
    """Computes the outputs of a network for features, by PyTorch."""
    torch = pytest.importorskip("torch")
    networks = pytest.importorskip("acoustic.network")

    def compute(network, features):
        rows = networks.spliced_rows(len(features), network.design)
        spliced = torch.from_numpy(features[rows].reshape(1, len(rows), -1))
        with torch.no_grad():
            return network(spliced)[0].numpy()

    return compute
