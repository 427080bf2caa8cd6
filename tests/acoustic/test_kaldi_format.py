"""Kaldi's binary values, byte by byte as Kaldi writes them."""

import numpy as np
import pytest

from acoustic.kaldi_format import CompressedMatrix, Reader, Writer


def test_values_are_read_back_as_they_were_written():
    writer = Writer().token("<A>").int32(-7).float32(0.5).float64(2.25).integers([3, 1]).vector([1.5, -2.0])
    reader = Reader(bytes(writer.content))
    reader.expect("<A>")
    assert (reader.int32(), reader.float32(), reader.float64(), reader.integers()) == (-7, 0.5, 2.25, [3, 1])
    assert reader.vector().tolist() == [1.5, -2.0]
    assert reader.place == len(writer.content)


def test_matrices_are_written_as_kaldi_writes_them():
    plain = Writer().matrix(np.array([[1.0, 2.0]], np.float32)).content
    assert plain == b"\0BFM \4\1\0\0\0\4\2\0\0\0" + np.array([1, 2], "<f4").tobytes()
    compressed = Writer().matrix(CompressedMatrix.of(np.array([[-1.0, 0.0, 1.0]]))).content
    header = np.array([-1, 2], "<f4").tobytes() + np.array([1, 3], "<i4").tobytes()
    assert compressed == b"\0BCM2 " + header + np.array([0, 32768, 65535], "<u2").tobytes()


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_a_compressed_matrix_is_off_by_half_a_level_at_most(scale):
    matrix = np.random.default_rng(0).normal(0, scale, (40, 30))
    level = (matrix.max() - matrix.min()) / 65535
    assert np.abs(CompressedMatrix.of(matrix).values - matrix).max() <= 0.51 * level


def test_a_matrix_of_equal_numbers_is_compressed_too():
    np.testing.assert_allclose(CompressedMatrix.of(np.full((2, 2), 0.3)).values, 0.3, rtol=1e-6)


def test_both_kinds_of_matrices_are_read_back():
    matrix = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    compressed = CompressedMatrix.of(matrix)
    reader = Reader(bytes(Writer().matrix(matrix).matrix(compressed).content))
    np.testing.assert_array_equal(reader.matrix(), matrix)
    np.testing.assert_array_equal(reader.matrix().values, compressed.values)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"text", "byte 0: expected"),
        (b"\0B\4\1", "the file ends at byte 4"),
        (b"\0B\x08\1\0\0\0", "byte 2: expected"),
    ],
)
def test_what_is_not_there_is_told_with_its_place(content, told):
    with pytest.raises(ValueError, match=told):
        Reader(content).int32()


def test_a_matrix_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'CM3' is no matrix"):
        Reader(b"\0BCM3 0000").matrix()
