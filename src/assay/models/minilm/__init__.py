"""all-MiniLM-L6-v2 on the processor: 384-dimensional sentence vectors without torch, a model hub or a network.

`facts` what the model is; `weights` where its files are; `install` the one explicit download; `openvino_graph` and
`onnx_graph` the same network in two runtimes; `engines` one of them, loaded; `embedder` the port.
"""
