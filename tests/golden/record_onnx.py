"""Record ONNX's own test vectors of its operator Conv, for `tests/test_golden_options.py`:

    python3 -m venv /tmp/onnx && /tmp/onnx/bin/pip install onnx==1.23.2
    /tmp/onnx/bin/python tests/golden/record_onnx.py

The script writes `onnx.json` next to itself. The vectors are ONNX's (https://github.com/onnx/onnx, folder
`onnx/backend/test/case/node`), copyright its contributors, under the Apache License 2.0; written down here as they are.
Images are NCHW and filters OIHW there.
"""

import json
from pathlib import Path

import onnx
from onnx.backend.test.case.node import collect_testcases


def main():
    cases = [case(each) for each in collect_testcases("Conv")]
    about = {
        "source": f"onnx {onnx.__version__}, onnx.backend.test.case.node, Conv",
        "license": "Apache-2.0, copyright ONNX Project Contributors",
        "cases": cases,
    }
    path = Path(__file__).with_name("onnx.json")
    path.write_text(json.dumps(about, indent=1).replace("\n     ", "").replace("\n    ]", "]") + "\n")
    print(f"{path}: {len(cases)} cases, {path.stat().st_size:,} bytes")


def case(test):
    """One vector: its name, the operator's attributes, and inputs, filters and outputs as nested lists."""
    (node,) = test.model.graph.node
    attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
    attributes = {
        name: value.decode() if isinstance(value, bytes) else list(value)
        for name, value in attributes.items()
    }
    (((inputs, filters), (outputs,)),) = test.data_sets
    arrays = {"inputs": inputs, "filters": filters, "outputs": outputs}
    return {"name": test.name, "attributes": attributes} | {
        name: array.tolist() for name, array in arrays.items()
    }


if __name__ == "__main__":
    main()
