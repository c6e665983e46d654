from linktime.cli import main

main()
