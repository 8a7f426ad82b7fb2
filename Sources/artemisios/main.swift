print("artemisios")
