def gross(net):
    return net * 2


def rounded(net):
    return net // 10 * 10
