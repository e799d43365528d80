import MynahCommands

runMynah()
