columns = []
