"""The agent: the only room that knows LangGraph. Importing this package loads none of it."""
