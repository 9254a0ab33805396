"""nano-rag-agent in plain PyTorch: the token before an answer, with a cache of its prompt that it is concatenated to."""
from Agent.NanoRag.twin import PASSAGE, QUESTION, Rag
from Cloud.NanoGptDecode.twin import token_step


def build(config):
    return token_step(Rag(config["trained_geometry"]).eval().decoder, PASSAGE + QUESTION)
