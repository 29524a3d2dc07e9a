"""The text: documents, columns and their encodings, and the chunks that are analysed one by one."""
