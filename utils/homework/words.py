def in_words(question, explanation):
    return explanation.name, explanation.name
