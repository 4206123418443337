"""Who thinks: providers of language models behind `core.models.LlmProvider`.

The provider modules are light; LangChain is imported when a chat model is first asked for.
"""
